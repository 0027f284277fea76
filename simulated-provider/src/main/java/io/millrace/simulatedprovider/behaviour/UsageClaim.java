package io.millrace.simulatedprovider.behaviour;

/** What an answer says about the tokens it used; the bill is right whatever it says. */
public enum UsageClaim {
    TRUE,
    /** All numbers below zero. */
    NEGATIVE,
    /** All numbers the largest that 64 bits hold, so that adding any two overflows. */
    HUGE,
    /** No usage at all. */
    ABSENT
}
