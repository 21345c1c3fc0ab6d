#pragma once

#include "report/canvas.hpp"
#include "report/table.hpp"

namespace visitor::report {

/// Draws a chart with its title and legend into \p box, in lines and areas that
/// stay sharp at any size. What is not a number, or below zero where lengths
/// show values, counts as nothing. Where there are more bars or slices than can
/// be told apart, the largest stay, and the last one is of all others.
void draw_chart(Canvas& canvas, const Chart& chart, const Box& box, domain::Language language);

}  // namespace visitor::report
