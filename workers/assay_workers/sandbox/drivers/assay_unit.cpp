ASSAY_PRELUDE
#include "assay_driver.hpp"
#define main assay_main_of_the_program
#include "main.cpp"
#undef main
#undef void
#undef long
void assay_call_entry_point(assay_driver::Reader &reader, assay_driver::Writer &writer, long in_place) {
  assay_driver::invoke(ASSAY_ENTRY_POINT, reader, writer, in_place);
}
