package io.millrace.simulatedprovider.behaviour;

/** What is wrong with the body of an answer that is whole. */
public enum BodyFault {
    /** It is JSON, a hundred thousand lists deep. */
    NESTED,
    /** It is a page for people, as a login or a proxy in the way shows it. */
    HTML,
    /** It is right, but its type is said to be HTML. */
    MISTYPED,
    /** It is in ISO-8859-1 and says so, with a letter that UTF-8 writes otherwise. */
    LATIN1,
    /** It is in UTF-16 and says so. */
    UTF16
}
