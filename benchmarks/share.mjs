// Prints how long a link gets that holds the state of the events on standard input.

import { readFileSync } from "node:fs";
import { eventOf } from "./progress/events.js";
import { pack, unpack } from "./progress/share.js";

const events = JSON.parse(readFileSync(0, "utf-8")).map(eventOf);
const text = await pack(events);
const { events: again } = await unpack(text);
console.log(text.length, new Set(again.map((event) => event.fields.subject)).size);
