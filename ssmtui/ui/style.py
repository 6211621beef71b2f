"""The style sheet that all screens share. Every colour is a variable of the theme."""

APP_CSS = """
Page { background: $background; color: $foreground; }
Dialog { background: $background 60%; }
* {
    scrollbar-size-vertical: 1; scrollbar-size-horizontal: 1;
    scrollbar-color: $rule; scrollbar-color-hover: $muted; scrollbar-color-active: $accent;
    scrollbar-background: $background; scrollbar-background-hover: $background;
    scrollbar-background-active: $background; scrollbar-corner-color: $background;
    link-style: none;
}
FleetTable {
    background: $background; color: $foreground;
    & > .fleet-table--header { color: $muted; text-style: bold; }
    & > .fleet-table--sort-cursor { color: $accent; text-style: bold; }
    & > .fleet-table--cursor { background: $cursor-row; color: $cursor-row-ink; text-style: none; }
    & > .fleet-table--mark { color: $mark; text-style: bold; }
    & > .fleet-table--marked { color: $mark; text-style: none; }
    & > .fleet-table--changed { background: $changed; text-style: none; }
    & > .fleet-table--stale { color: $stale; }
    & > .fleet-table--message { color: $muted; }
    & > .fleet-table--good { color: $status-good; }
    & > .fleet-table--busy { color: $status-busy; }
    & > .fleet-table--warn { color: $status-warn; }
    & > .fleet-table--bad { color: $status-bad; text-style: bold; }
    & > .fleet-table--muted { color: $muted; }
}
*:nocolor FleetTable > .fleet-table--cursor { text-style: reverse; }
*:nocolor TextView > .text--match { text-style: underline; }
*:nocolor TextView > .text--current { text-style: reverse; }
FleetTable, LogView { scrollbar-size-horizontal: 0; }
*:nocolor LogView > .log--match { text-style: underline; }
*:nocolor LogView > .log--current { text-style: reverse; }
*:nocolor OptionList > .option-list--option-highlighted { text-style: reverse; }
OptionList, OptionList:focus { border: none; background-tint: $foreground 0%; }
OptionList > .option-list--option-highlighted, OptionList:focus > .option-list--option-highlighted {
    background: $cursor-row; color: $cursor-row-ink; text-style: none;
}
ToastRack { align-horizontal: right; padding-bottom: 1; }
Toast { width: 54; max-width: 100%; background: $panel; padding: 0 1; margin-top: 1; }
CommandPalette SearchIcon { display: none; }
CommandPalette { background: $background 50%; }
CommandPalette #--input { border: none; background: $panel; }
CommandPalette OptionList { background: $panel; }
"""
