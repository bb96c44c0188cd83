// Stands in for stb_image.h, which Ollama's Go module leaves out. A server built with it decodes no images: every one is refused.
#pragma once

static inline unsigned char * stbi_load_from_memory(const unsigned char *, int, int *, int *, int *, int) { return nullptr; }

static inline void stbi_image_free(void *) {}
