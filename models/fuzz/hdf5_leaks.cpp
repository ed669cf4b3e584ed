// libhdf5 leaks on some damaged files, which is known and not ours.
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5_serial\n"; }
extern "C" const char* __lsan_default_options() { return "print_suppressions=0"; }
