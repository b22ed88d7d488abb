"""档案的说明 What this is and how to check it, in words that need nothing of ours: for who opens it years later."""

from collections.abc import Sequence

from pioneer.archives.frame import Row
from pioneer.archives.gathering import MINUTES, figures_of
from pioneer.archives.reckoning import RULEBOOK
from pioneer.archives.tables import day

PAPER, BOOK, FACTS, NOTES, LIST = "年度档案.pdf", "年度档案.xlsx", "数据.json", "说明.txt", "指纹.txt"
KINDS = {
    PAPER: "全部内容，按顺序编排，可以打印存档（PDF/A-2b 长期保存格式，字体已嵌入，不需要任何别的软件或字体）",
    BOOK: "同样的内容，分成若干张表，可以用任何电子表格软件打开、筛选、合计",
    FACTS: "同样的内容，供程序读取和重算（纯文本，UTF-8，JSON；分值以百分之一分为单位的整数记载）",
    NOTES: "本说明",
    LIST: "其余每一份文件的指纹（SHA-256）",
}


def mark_of(facts: Row) -> str:
    """正式或暂存"""
    return "暂存" if facts["state"] == "provisional" else "正式"


def note_of(name: str) -> str:
    """一份文件是什么 By its name."""
    if name.startswith(RULEBOOK):
        return "本周期适用的积分办法原文（TOML，纯文本）"
    return "随备案报送的会议记录原件" if name.startswith(MINUTES) else KINDS.get(name, "")


def about(facts: Row, edition: int) -> list[str]:
    """这是什么 A few sentences."""
    found, figures = facts["branch"], figures_of(facts)
    above = "　".join(found["above"])
    said = [
        f"这是{above}　{found['name']}{facts['cycle']['name']}（{day(facts['cycle']['first_on'])}至"
        f"{day(facts['cycle']['last_on'])}）的党员积分管理年度档案，第{edition}版，{mark_of(facts)}。",
        f"记载截至{day(facts['facts_until'])}的事实：花名册{figures['roster']}人；公示{figures['notices']}次，"
        f"异议{figures['objections']}件；入账{figures['postings']}次，台账{figures['entries']}条；"
        f"评定结果{figures['results']}人。",
    ]
    if facts["unfinished"]:
        said.append(f"做这一版时还有没有办完的事，只作暂存：{''.join(facts['unfinished'])}")
    if figures["results"]:
        differing = figures["results"] - figures["recounted"]
        more = f"另有{differing}人，评定以后登记的事实有变动，重算与评定不同，表中已注明。" if differing else ""
        said.append(f"评定结果中有{figures['recounted']}人的得分，可以用所附的积分办法和数据逐一重算，结果相同。{more}")
    return said


LEFT_OUT = (
    "这里没有身份证号、出生日期、电话、住址，没有申报的佐证、扣分的内部依据、谈话内容、异议人的姓名和原话、组织处置的调查材料；"
    "这些留在各自的案卷里，这里只写日期、决定和文号。"
)
KEEPING = (
    "档案里有党员的姓名和分数，按党务资料保管，不得上网、不得外传。党员离开满规定年限、系统抹除其文字时，系统里保存的这一版"
    "随之删除，另做不含其文字的新版；手里的旧版（光盘、U盘、打印件）也应当收回销毁，换成新版。"
)


def checking() -> list[str]:
    """怎样核对 With nothing but sha256sum and a spreadsheet."""
    return [
        "第一步，解压。每一份文件都单独存放，没有压缩、没有加密，任何解压软件都能打开。",
        f"第二步，核对指纹。在 Linux 或 macOS 上进入解压的文件夹，运行：sha256sum -c {LIST}"
        f"（macOS：shasum -a 256 -c {LIST}）；在 Windows 上对每一份文件运行：certutil -hashfile 文件名 SHA256，"
        f"与{LIST}里同一行的64位字符对照。每一行都相符，这些文件就和做成时一个字节不差。",
        f"第三步，核对总指纹。再算{LIST}自己的SHA-256，与另外登记的总指纹（系统的“年度档案”页上有，移交时抄在移交清单上）"
        "对照。相符，说明这份清单也没有被换过。",
        f"第四步，核对内容。用电子表格打开{BOOK}：“公示条目”里每一条公示过的加分扣分，都应当在“台账条目”里找得到同样的分值"
        "（因异议更正、清零而没有入账的除外）；“入账”里每一号的“上一号指纹”，应当就是上一号的“指纹”；"
        "“评定结果”里每人的得分，是基本分加正向、反向和外部成绩，再按办法的上限、下限和清零规定得出。",
        "第五步（可选），由程序重算。装有本系统的电脑上运行 pioneer verify --archive 文件，会逐一核对每张公示的指纹、"
        "每条台账的摘要和入账链，并用所附的积分办法重算每个人的得分；不需要数据库，不需要网络。",
    ]


DIGESTS = (
    "公示指纹、台账摘要和入账指纹都是SHA-256，对一段规范写法的JSON（键按字母排序，没有空格，UTF-8）计算；"
    "写法见所附数据里各项的名称：公示为 sheet、revision、published、closes、heading、members、lines，"
    "台账为 branch、posting、order、member、version、indicator、event、value、quantity、event_on、event_month、"
    "created_at、reference、corrects、commitment，"
    "入账为 branch、number、publication、published、closed_at、posted_at、previous、entries。"
    "姓名、公示用语等文字不直接进入摘要，只有加盐的承诺值（commitment）进入，所以文字抹除以后账仍然对得上。"
)


def plain_text(facts: Row, edition: int, changes: Sequence[str], names: Sequence[str]) -> str:
    """说明.txt"""
    found = [f"{facts['branch']['name']}{facts['cycle']['name']}档案　说明", ""]
    found += ["一、这是什么", *about(facts, edition), ""]
    if changes:
        found += ["与上一版的不同：", *(f"  · {one}" for one in changes), ""]
    found += ["二、里面有什么"]
    found += [f"  · {name}：{note_of(name)}" for name in names]
    found += ["", LEFT_OUT, "", "三、怎样核对（只需要 sha256sum 和一个电子表格软件）", *checking(), ""]
    found += ["四、指纹是怎样算的", DIGESTS, "", "五、保管", KEEPING, ""]
    return "\n".join(found)
