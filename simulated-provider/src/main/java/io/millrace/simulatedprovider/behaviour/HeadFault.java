package io.millrace.simulatedprovider.behaviour;

/** What is wrong with the head of an answer. */
public enum HeadFault {
    /** It comes a byte at a time, one a second unless told otherwise. */
    SLOW,
    /** It has a hundred thousand headers. */
    MANY,
    /** It has a header of 16 MiB. */
    LARGE,
    /** It is none: another protocol is spoken. */
    ALIEN
}
