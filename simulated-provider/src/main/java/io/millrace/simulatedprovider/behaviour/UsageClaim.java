package io.millrace.simulatedprovider.behaviour;

/** What an answer says about the tokens it used; the bill is right whatever it says. */
public enum UsageClaim {
    TRUE,
    /** All numbers below zero. */
    NEGATIVE,
    /** All numbers the largest that 64 bits hold, so that adding any two overflows. */
    HUGE,
    /** All numbers larger than 64 bits can hold. */
    OVERFLOW,
    /** All numbers broken: 3.5. */
    FRACTION,
    /** All numbers in quotes. */
    TEXT,
    /** No usage at all. */
    ABSENT
}
