"""The audit: programs that try to earn what they must not, sent to a service, and accepted results run again.

`corpus` reads a folder of programs, `judgement` says what is wrong with the answer to one, `rounds` sends them,
`sample` chooses accepted results and compares them with a second run.
"""
