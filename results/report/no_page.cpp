// Stands in for the built page where the build had no Node.
#include "results/report/page.h"

namespace headway {

std::string_view report_page() { return {}; }

}  // namespace headway
