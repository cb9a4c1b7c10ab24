// What the reader's subjects are called and where they stand.

import { addressOf } from "./words.js";

let fetched = null;

/** The names of everything that can be marked, fetched once for all pages of this language. */
export function fetchSubjects() {
  fetched ??= fetchAnew();
  return fetched;
}

async function fetchAnew() {
  try {
    const answer = await fetch(addressOf("progress/subjects.json"));
    if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
    return new Subjects(await answer.json());
  } catch (error) {
    fetched = null;
    throw error;
  }
}

/** Titles and addresses by subject. */
export class Subjects {
  constructor({ topics, resources, snippets }) {
    this.topics = topics;
    this.resources = resources;
    this.snippets = snippets;
  }

  /** `{title, lang, minutes, href}` of a subject, or null for one that the catalog does not have. */
  of(subject) {
    const [kind, id] = split(subject);
    if (kind === "resource" && Object.hasOwn(this.resources, id)) {
      return { lang: "", ...this.resources[id], href: addressOf(`catalog/#${id}`) };
    }
    const topic = kind === "topic" && this.topics.find((one) => one.id === id);
    if (topic) return { title: topic.title, lang: "", href: addressOf(`learn/${id}/`) };
    if (kind === "snippet" && Object.hasOwn(this.snippets, id)) {
      return { title: this.snippets[id], lang: "", href: addressOf(`snippets/${id}/`) };
    }
    return null;
  }
}

function split(subject) {
  const slash = subject.indexOf("/");
  return [subject.slice(0, slash), subject.slice(slash + 1)];
}
