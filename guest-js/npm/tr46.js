/** In place of the package tr46, whose tables are large: the engine's ICU has them, too. */
'use strict';

/* global host -- the bundle runs where our own scripts run */
exports.toASCII = (domain) => host.text.domainToAscii(domain);
