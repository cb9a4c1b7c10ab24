// What the reader's subjects are called and where they stand.

import { addressOf } from "../words.js";

/** Fetch the names of everything that can be marked. */
export async function fetchSubjects(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
  return new Subjects(await answer.json());
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
