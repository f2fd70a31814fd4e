/* What setup{} gave. */
#include "settings.h"

#include <stdlib.h>
#include <string.h>

#include "host.h"

#define SETTINGS_MAX 32

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    char *name;
    char *value;
} settings[SETTINGS_MAX];
static size_t count;

/* Any thread, under the lock. */
static const char *setting_get(const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(settings[i].name, name) == 0) {
            return settings[i].value;
        }
    }
    return NULL;
}

/* nginx's thread. */
enum setting_result setting_set(const char *name, const char *value)
{
    enum setting_result result = SETTING_SET;
    const char *old;

    pthread_mutex_lock(&lock);
    old = setting_get(name);
    if (old != NULL) {
        result = strcmp(old, value) == 0 ? SETTING_SAME : SETTING_OTHER;
    } else if (count == SETTINGS_MAX) {
        result = SETTING_FULL;
    } else {
        settings[count].name = strdup(name);
        settings[count].value = strdup(value);
        if (settings[count].name != NULL && settings[count].value != NULL) {
            count++;
        } else {
            free(settings[count].name);
            free(settings[count].value);
            result = SETTING_FULL;
        }
    }
    pthread_mutex_unlock(&lock);
    return result;
}

/* Any thread. */
const char *resty_ffi_setting(const char *name)
{
    const char *value;

    pthread_mutex_lock(&lock);
    value = name == NULL ? NULL : setting_get(name);
    pthread_mutex_unlock(&lock);
    return value;
}
