/*
 * What the fuzz targets share. A target is a program that libFuzzer drives (rules.mk): it gets
 * bytes and must neither crash nor fail a CHECK (loader_test.h), which is a crash here.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* libFuzzer's. */
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The rest of an input, which is 0 for ever at its end. */
typedef struct {
    const uint8_t *at;
    size_t left;
} bytes_t;

static inline uint8_t take_byte(bytes_t *bytes)
{
    if (bytes->left == 0) {
        return 0;
    }
    bytes->left--;
    return *bytes->at++;
}

/* Up to `max` bytes, of which the first byte says how many; they stay where they are. */
static inline bytes_t take_bytes(bytes_t *bytes, size_t max)
{
    size_t len = take_byte(bytes) % (max + 1);
    bytes_t taken = {.at = bytes->at, .left = len < bytes->left ? len : bytes->left};

    bytes->at += taken.left;
    bytes->left -= taken.left;
    return taken;
}

#endif
