"""商品 What the demo's two shops have, and a drawing of each, made here."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (480, 360)
PAPER, INK, RED, GOLD, GREEN, BLUE, PALE = (
    *("#fbf8f3", "#3a342c", "#a8161b", "#b98a35"),
    *("#3f7a5c", "#4a6b8a", "#efe6d8"),
)
Pen = ImageDraw.ImageDraw


@dataclass(frozen=True, slots=True)
class Ware:
    """一种商品 Price in points; what one costs in cents; how many came in. `limit` of each member in a month."""

    name: str
    price: int
    unit: str
    cents: int
    quantity: int
    description: str
    draw: Callable[[Pen], None]
    limit: int | None = None
    donated: bool = False


def picture(ware: Ware) -> bytes:
    """商品的画"""
    drawn = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(drawn)
    pen.ellipse((90, 300, 390, 334), fill=PALE)
    ware.draw(pen)
    buffer = BytesIO()
    drawn.save(buffer, "PNG")
    return buffer.getvalue()


def _bottle(pen: Pen) -> None:
    pen.rectangle((212, 40, 268, 78), fill=INK)
    pen.polygon([(214, 78), (266, 78), (318, 132), (318, 314), (162, 314), (162, 132)], fill=BLUE)
    pen.rectangle((162, 176, 318, 262), fill=PAPER)
    pen.rectangle((186, 198, 294, 212), fill=BLUE)
    pen.rectangle((186, 226, 262, 238), fill=PALE)


def _sack(pen: Pen) -> None:
    pen.polygon([(150, 84), (330, 84), (348, 314), (132, 314)], fill=PALE, outline=INK, width=4)
    pen.line([(150, 84), (190, 60), (240, 84), (290, 60), (330, 84)], fill=INK, width=6)
    pen.ellipse((178, 144, 302, 268), fill=GOLD)
    for x, y in ((206, 186), (240, 172), (272, 192), (222, 224), (258, 230)):
        pen.ellipse((x, y, x + 22, y + 10), fill=PAPER)


def _towels(pen: Pen) -> None:
    for top, colour in ((110, RED), (176, PALE), (242, GREEN)):
        pen.rounded_rectangle((120, top, 360, top + 60), 22, fill=colour, outline=INK, width=3)
        pen.line((150, top + 18, 330, top + 18), fill=PAPER if colour != PALE else GOLD, width=5)


def _tissues(pen: Pen) -> None:
    pen.polygon([(176, 150), (206, 66), (240, 110), (282, 60), (304, 150)], fill="#ffffff", outline=INK, width=3)
    pen.rectangle((112, 150, 368, 314), fill=GREEN)
    pen.ellipse((170, 138, 310, 162), fill=INK)
    pen.rectangle((150, 214, 330, 256), fill=PAPER)


def _umbrella(pen: Pen) -> None:
    pen.pieslice((90, 50, 390, 350), 180, 360, fill=RED)
    for x in (90, 165, 240, 315):
        pen.pieslice((x, 178, x + 75, 222), 180, 360, fill=PAPER)
    pen.line((240, 40, 240, 300), fill=INK, width=8)
    pen.arc((196, 268, 244, 320), 0, 180, fill=INK, width=8)


def _flask(pen: Pen) -> None:
    pen.rounded_rectangle((188, 44, 292, 96), 14, fill=INK)
    pen.rounded_rectangle((172, 92, 308, 316), 30, fill=GREEN)
    pen.rectangle((172, 150, 308, 168), fill=GOLD)
    pen.line((200, 196, 200, 282), fill=PAPER, width=8)


def _kettle(pen: Pen) -> None:
    pen.arc((164, 36, 316, 200), 180, 360, fill=INK, width=14)
    pen.polygon([(322, 190), (392, 130), (404, 146), (330, 250)], fill=BLUE)
    pen.pieslice((130, 100, 350, 330), 180, 360, fill=BLUE)
    pen.rectangle((130, 214, 350, 316), fill=BLUE)
    pen.ellipse((222, 84, 258, 116), fill=INK)


FIRST = (
    Ware("洗衣液（1升）", 24, "瓶", 1180, 30, "无磷，1升装。", _bottle, limit=2),
    Ware("大米（5千克）", 52, "袋", 2600, 20, "本地新米，5千克装。槐园粮油店捐赠。", _sack, limit=1, donated=True),
    Ware("毛巾", 12, "条", 590, 40, "纯棉，颜色随机。", _towels),
    Ware("抽纸（3包）", 9, "提", 430, 40, "三层，3包一提。", _tissues),
)
SECOND = (
    Ware("雨伞", 30, "把", 1450, 12, "三折，防风。", _umbrella, limit=1),
    Ware("保温杯", 60, "个", 2980, 8, "500毫升，不锈钢内胆。", _flask, limit=1),
    Ware("热水壶", 95, "个", 4690, 4, "1.5升，自动断电。", _kettle, limit=1),
)
