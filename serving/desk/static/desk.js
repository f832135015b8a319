// Keys, highlights that answer at once, marks by selection, and progress. Every page works without this file.

import { listen } from "./keys.js";
import { link } from "./highlights.js";
import { mark } from "./marks.js";
import { follow } from "./progress.js";

listen(document);
link(document);
mark(document);
follow(document);
