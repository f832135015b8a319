"""Charts as inline SVG. Colours come from the page's style, so they suit light and dark."""

from collections.abc import Iterator, Sequence
from math import floor
from xml.etree.ElementTree import Element

from training.report.markup import Child, element
from training.report.parts import Bars, Dots, Lines

WIDTH, NAME, RIGHT = 680, 170, 150
ROW, TOP, BOTTOM = 24, 10, 42
TICKS = 5


def lines(chart: Lines) -> Element:
    """Lines over two axes, their names beside the plot."""
    left, width, height = 56, WIDTH - 56 - 190, 260
    x_most, y_most = chart.most

    def place(point: tuple[float, float]) -> str:
        x = left + width * min(1, max(0, point[0] / x_most))
        y = TOP + height * (1 - min(1, max(0, point[1] / y_most)))
        return f"{x:.1f},{y:.1f}"

    parts = list(_grid(left, width, height, most=x_most, label=chart.x))
    for tick in range(TICKS + 1):
        y = TOP + height * (1 - tick / TICKS)
        parts.append(_line(left, y, left + width, y, "grid"))
        parts.append(_text(f"{y_most * tick / TICKS:.3g}", left - 6, y + 4, "end"))
    turned = _text(chart.y, 0, 0, "middle")
    turned.set("transform", f"translate(14 {TOP + height / 2}) rotate(-90)")
    parts.append(turned)
    if chart.diagonal:
        parts.append(
            element("polyline", points=f"{place((0, 0))} {place(chart.most)}", class_="even")
        )
    for number, line in enumerate(chart.lines):
        points = " ".join(map(place, line.points))
        parts.append(element("polyline", points=points, class_=f"line c{number}"))
        if len(line.points) <= 12:
            for point in map(place, line.points):
                across, up = point.split(",")
                parts.append(element("circle", cx=across, cy=up, r=3, class_=f"c{number} dot"))
        y = TOP + 12 + 18 * number
        parts.append(_line(left + width + 12, y, left + width + 30, y, f"line c{number}"))
        parts.append(_text(line.name, left + width + 36, y + 4))
    return _svg(chart.title, height + TOP + BOTTOM, parts)


def dots(chart: Dots) -> Element:
    """A dot for each row and a line for its interval; the axis ends at 1."""
    lowest = min(
        (min(each.value, each.low) if each.interval else each.value for _, each in chart.rows),
        default=0,
    )
    least = max(0, floor(10 * lowest) / 10)
    width, height = WIDTH - NAME - RIGHT, ROW * len(chart.rows)

    def place(value: float) -> float:
        return NAME + width * (value - least) / (1 - least)

    parts = list(_grid(NAME, width, height, least=least, label=chart.x))
    for number, (name, figure) in enumerate(chart.rows):
        y = TOP + ROW * (number + 0.5)
        parts.append(_text(name, NAME - 8, y + 4, "end"))
        if figure.interval:
            parts.append(_line(place(figure.low), y, place(figure.high), y, "line c0"))
        parts.append(element("circle", cx=f"{place(figure.value):.1f}", cy=y, r=4, class_="c0 dot"))
        parts.append(_text(str(figure), WIDTH - RIGHT + 8, y + 4))
    return _svg(chart.title, height + TOP + BOTTOM, parts)


def bars(chart: Bars) -> Element:
    """A bar for each row, cut into its parts; what is above the first is written beside it."""
    width, height = WIDTH - NAME - RIGHT, ROW * len(chart.rows)
    parts = list(_grid(NAME, width, height, label="share of texts"))
    for number, (name, shares) in enumerate(chart.rows):
        y, x = TOP + ROW * number, float(NAME)
        parts.append(_text(name, NAME - 8, y + ROW / 2 + 4, "end"))
        for part, share in enumerate(shares):
            box = {"x": f"{x:.1f}", "y": y + 4, "width": f"{width * share:.1f}", "height": ROW - 8}
            parts.append(element("rect", class_=f"band{part}", **box))
            x += width * share
        rest = " · ".join(f"{100 * share:.1f}" for share in shares[1:])
        parts.append(_text(f"{rest} %", WIDTH - RIGHT + 8, y + ROW / 2 + 4))
    y = height + TOP + BOTTOM
    for part, name in enumerate(chart.legend):
        x = NAME + 110 * part
        parts.append(element("rect", x=x, y=y, width=14, height=12, class_=f"band{part}"))
        parts.append(_text(name, x + 20, y + 10))
    return _svg(chart.title, y + 18, parts)


def _grid(
    left: float, width: float, height: float, *, label: str, least: float = 0, most: float = 1
) -> Iterator[Element]:
    """Upright lines with their values, and the name of the axis."""
    for tick in range(TICKS + 1):
        x = left + width * tick / TICKS
        yield _line(x, TOP, x, TOP + height, "grid")
        value = least + (most - least) * tick / TICKS
        yield _text(f"{value:.3g}", x, TOP + height + 16, "middle")
    yield _text(label, left + width / 2, TOP + height + 34, "middle")


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Element:
    ends = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
    return element("line", class_=kind, **{name: f"{each:.1f}" for name, each in ends.items()})


def _text(text: str, x: float, y: float, anchor: str = "start") -> Element:
    return element("text", text, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor)


def _svg(title: str, height: float, parts: Sequence[Child]) -> Element:
    box = f"0 0 {WIDTH} {height:.0f}"
    return element("svg", element("title", title), *parts, viewBox=box, role="img")
