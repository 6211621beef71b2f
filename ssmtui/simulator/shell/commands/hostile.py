"""`hostile`: prints what a malicious program would, to try a terminal with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ssmtui.simulator.shell.invocation import Complaint, Invocation, Program

# Each is a name, what it does, and the bytes.
PAYLOADS: dict[str, tuple[str, str]] = {
    "title": ("set the window's and the icon's title (OSC 0, 1, 2)",
              "\x1b]0;owned\x07\x1b]1;owned\x1b\\\x1b]2;owned\x07"),
    "clipboard": ("write and read the clipboard (OSC 52)",
                  "\x1b]52;c;b3duZWQ=\x07\x1b]52;c;?\x07\x1b]52;p;b3duZWQ=\x1b\\"),
    "palette": ("change colours (OSC 4, 10, 11, 12) and ask for them",
                ("\x1b]4;1;#ff00ff\x07\x1b]10;#00ff00\x07\x1b]11;#ff0000\x07\x1b]12;#fff\x07"
                "\x1b]11;?\x07\x1b]104\x07")),
    "links": ("a hyperlink to elsewhere (OSC 8)",
              "\x1b]8;;https://example.invalid/\x1b\\safe.example\x1b]8;;\x1b\\"),
    "notify": ("desktop notifications (OSC 9, 777, 99)",
               "\x1b]9;owned\x07\x1b]777;notify;owned;now\x07\x1b]99;;owned\x1b\\"),
    "dcs": ("device control strings: DECRQSS, sixel, tmux passthrough, XTGETTCAP",
            ('\x1bP$q"p\x1b\\\x1bPq#0;2;0;0;0~-\x1b\\\x1bPtmux;\x1b\x1b]0;owned\x07\x1b\\'
            "\x1bP+q544e\x1b\\")),
    "strings": ("APC, PM and SOS strings, among them a Kitty image",
                "\x1b_Gf=24,s=1,v=1;AAAA\x1b\\\x1b^pm\x1b\\\x1bXsos\x1b\\"),
    "unfinished": ("strings that never end, until a cancel",
                   "\x1b]0;never finished\x18\x1bPnever\x1a\x1b[38;5\x18"),
    "screen": ("the alternate screen, in three ways, and back",
               "\x1b[?47h\x1b[?1047h\x1b[?1049hON THE OTHER SCREEN\x1b[?1049l\x1b[?1047l\x1b[?47l"),
    "mouse": ("every mouse mode, focus events and bracketed paste, switched on",
              ("\x1b[?9h\x1b[?1000h\x1b[?1002h\x1b[?1003h\x1b[?1005h\x1b[?1006h\x1b[?1015h"
              "\x1b[?1004h\x1b[?2004h")),
    "keys": ("keyboard modes: application keys, modifyOtherKeys, Kitty's protocol",
             "\x1b[?1h\x1b=\x1b[>4;2m\x1b[>1u\x1b[?66h"),
    "queries": ("what makes a terminal type for us: DA1, DA2, DA3, DSR, CPR, DECRQM, ENQ",
                "\x1b[c\x1b[>c\x1b[=c\x1b[5n\x1b[6n\x1b[?6n\x1b[?2026$p\x1b[x\x1bZ\x05\x1b[>q"),
    "window": ("window operations: resize, iconify, report the title",
               "\x1b[8;10;20t\x1b[2t\x1b[1t\x1b[3;0;0t\x1b[14t\x1b[18t\x1b[21t"),
    "modes": ("insert, reverse video, no wrap, origin, hidden cursor, slow scroll",
              "\x1b[4h\x1b[?5h\x1b[?7l\x1b[?6h\x1b[?25l\x1b[?4h\x1b[?3h"),
    "margins": ("scrolling margins and tab stops", "\x1b[5;10r\x1b[?69h\x1b[10;20s\x1b[3g"),
    "charset": ("line drawing in the place of letters", "\x1b(0\x0elqqk\x1b)0\x1b*0\x1bn"),
    "cursor": ("the cursor far outside, and shapes", "\x1b[9999;9999H\x1b[99999A\x1b[1 q\x1b[5 q"),
    "numbers": ("parameters that are absurd", "\x1b[99999999999999999999m\x1b[" + "1;" * 400 + "m"
                "\x1b[999999999b\x1b[999999L\x1b[999999P\x1b[999999@\x1b[999999S"),
    "controls": ("every C0 and C1 control",
                 "".join(map(chr, (*range(1, 9), *range(11, 27), *range(28, 32)))) + "\x7f"
                 "\x9b31m\x9d0;owned\x9c\x90q\x9c"),
    "unicode": ("bidi controls, zero width, combining heaps, wide and odd characters",
                "\u202egnp.exe\u202c \u2066x\u2069 a\u200bb\ufeff e" + "\u0301" * 60
                + " 漢字 👩\u200d👩\u200d👧 🇪🇺 \ue0b0 \U000e0041"),
    "markup": ("Rich's and Textual's markup", ("[bold red]not bold[/] [/] [link=https://e.invalid]x"
               " [@click=app.quit]quit[/] \\[x] $primary")),
    "secrets": ("what looks like a credential",
                "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
    "invalid": ("bytes that are no UTF-8", "\udcff\udcfe\udcc0\udcaf\udced\udca0\udc80\udcf8"),
}  # fmt: skip
_FLOODS: dict[str, Callable[[], Iterator[str]]] = {
    "line": lambda: ("x" * 8192 for _ in range(128)),
    "bell": lambda: ("\a" * 1000 for _ in range(10)),
    "colours": lambda: (
        "".join(f"\x1b[38;5;{(row + at) % 256}m#" for at in range(80)) + "\x1b[m\n"
        for row in range(2000)
    ),
}
_HELP = """usage: hostile [NAME...]

Prints escape sequences that a careless terminal obeys. Without a name: all of the sequences, each
announced by a line. None of them does harm; they show whether a terminal lets a remote program
set its title, write its clipboard, type for the user or leave it broken.

"""


async def hostile(call: Invocation) -> int:
    if call.args[:1] in (["-h"], ["--help"], ["help"]):
        await call.out(_HELP)
        await call.lines([f"  {name:<11} {what}" for name, (what, _) in PAYLOADS.items()])
        await call.line("  line        one line of a megabyte")
        await call.line("  bell        ten thousand bells")
        await call.line("  colours     two thousand lines, another colour for each character")
        return 0
    for name in call.args or list(PAYLOADS):
        if name in _FLOODS:
            for piece in _FLOODS[name]():
                await call.out(piece)
            await call.line()
        elif name in PAYLOADS:
            if not call.args:
                await call.line(f"-- {name}: {PAYLOADS[name][0]}")
            await call.line(PAYLOADS[name][1])
        else:
            raise Complaint(f"{name}: no such sequence (see hostile --help)", 2)
    return 0


PROGRAMS: dict[str, Program] = {"hostile": hostile}
