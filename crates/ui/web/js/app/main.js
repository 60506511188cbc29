// The portal module. Everything here makes pages quicker or kinder; every page works without it.
import { startAlarms } from "./alarms.js";
import { startCalendarWords } from "./time.js";
import { startChoices } from "./choices.js";
import { startDialogs } from "./dialogs.js";
import { startFiles } from "./files.js";
import { startHold } from "./hold.js";
import { startKeys } from "./keys.js";
import { startLive } from "./live.js";
import { startPalette } from "./palette.js";
import { startRows } from "./rows.js";
import { startScheme } from "./look.js";
import { startStay } from "./stay.js";
import { startWhere } from "./where.js";
import { dress } from "./dress.js";

for (const start of [startScheme, startWhere, startStay, startDialogs, startFiles, startChoices, startRows, startKeys, startPalette, startLive, startCalendarWords, startHold, startAlarms]) {
  try {
    start();
  } catch (error) {
    // One kindness that fails must not take the others with it.
    console.error(error);
  }
}
dress(document);
