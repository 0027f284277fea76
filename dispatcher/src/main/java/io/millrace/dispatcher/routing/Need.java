package io.millrace.dispatcher.routing;

/**
 * The tokens that a call may need.
 *
 * @param input input tokens, estimated
 * @param mostOutput output tokens at most; 0 when nothing limits them
 */
public record Need(long input, long mostOutput) {

    /** A call without tokens. */
    public static final Need NONE = new Need(0, 0);
}
