"""The imperative shell: poll, follow, weekly; the schedule; and `apply`, which alone acts."""
