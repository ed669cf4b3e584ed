// What the program does with memory that it frees.
#pragma once

#include <malloc.h>

namespace headway {

// Keeps up to 256 MiB of it for what is allocated next, where the C library gives every large block back to the kernel:
// columns of millions of blocks come and go by the device, and the kernel's clearing of their pages took a fifth of a
// bound's time. Blocks of more than 32 MiB (the C library's own limit) go back as ever. Call it before the first thread.
inline void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
#endif
}

}  // namespace headway
