"""The pure middle: frozen values in, frozen values out; no disk, no network, no clock."""
