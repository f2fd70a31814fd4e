/* What setup{} gave: strings by name, each set once for the life of the process. */
#ifndef SETTINGS_H
#define SETTINGS_H

enum setting_result { SETTING_SET, SETTING_SAME, SETTING_OTHER, SETTING_FULL };

/* nginx's thread. SETTING_OTHER: it has another value, and keeps it. */
enum setting_result setting_set(const char *name, const char *value);

#endif
