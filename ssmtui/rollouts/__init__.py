"""Rollouts: one command on many nodes, in waves, within an error budget, and never sent twice.

The way of a rollout: `spec` (what is wanted, validated) -> `preview` (what it would touch) ->
`plan` (waves and calls) -> `record` (on disk before anything is sent) -> `conduct.Rollout` (sends,
follows, stops, re-attaches) -> `state` (what a board draws) and `outputs` (full texts, saving).
"""
