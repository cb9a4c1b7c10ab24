// Who wrote an event. A browser profile has one id, and one more for every page that writes while
// another does: each page holds an id alone, so no two events get one number.

const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

/** 64 random bits in base32. */
export function randomId() {
  let bits = crypto.getRandomValues(new BigUint64Array(1))[0];
  let id = "";
  for (let n = 0; n < 13; n++) {
    id = LETTERS[Number(bits & 31n)] + id;
    bits >>= 5n;
  }
  return id;
}

/** The ids of one profile; `locks` are the browser's, or nothing where it has none. */
export class Devices {
  #held = null;
  #release = null;

  constructor(storage, site, locks) {
    this.storage = storage;
    this.folder = `${site}/device/`;
    this.locks = locks;
  }

  /** All ids of the profile. */
  all() {
    const ids = [];
    for (let n = 0, id; (id = this.storage.getItem(this.folder + n)); n++) ids.push(id);
    return ids;
  }

  /** The id that this page alone writes with, until it is released. */
  async hold() {
    this.#held ??= this.#take();
    try {
      return await this.#held;
    } catch (error) {
      this.release();
      throw error;
    }
  }

  /** Let other pages have the id. */
  release() {
    this.#release?.();
    this.#release = this.#held = null;
  }

  /** Have new ids from now on. */
  renew() {
    for (const n of this.all().keys()) this.storage.removeItem(this.folder + n);
    this.release();
  }

  async #take() {
    for (let n = 0; ; n++) {
      if (!(await this.#lock(this.folder + n))) continue;
      const known = this.storage.getItem(this.folder + n);
      const id = known ?? randomId();
      if (!known) this.storage.setItem(this.folder + n, id);
      return id;
    }
  }

  /** Whether this page got the lock; it keeps it until it is released or left. */
  #lock(name) {
    if (!this.locks) return true;
    return new Promise((tell, fail) => {
      const keep = (lock) => lock && new Promise((release) => (this.#release = release, tell(true)));
      this.locks.request(name, { ifAvailable: true }, (lock) => keep(lock) ?? tell(false)).catch(fail);
    });
  }
}
