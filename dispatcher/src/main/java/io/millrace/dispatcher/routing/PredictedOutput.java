package io.millrace.dispatcher.routing;

/**
 * The output tokens that the next call to a target will probably have: a moving mean and twice the
 * mean deviation from it, as TCP times its repeats (RFC 6298). Not thread-safe.
 */
public final class PredictedOutput {

    private static final double GAIN = 0.125;
    private static final double DEVIATION_GAIN = 0.25;
    private static final double DEVIATIONS = 2;

    private double mean = -1;
    private double deviation;

    /** Takes the output of a call into account. */
    public void observe(long tokens) {
        if (mean < 0) {
            mean = tokens;
            deviation = tokens / 2.0;
            return;
        }
        deviation += DEVIATION_GAIN * (Math.abs(tokens - mean) - deviation);
        mean += GAIN * (tokens - mean);
    }

    /**
     * Returns the tokens to reserve.
     *
     * @param most what the call itself allows; 0 when it names nothing
     */
    public long of(long most) {
        if (mean < 0) {
            return most;
        }
        long predicted = (long) Math.ceil(mean + DEVIATIONS * deviation);
        return most == 0 ? predicted : Math.min(most, predicted);
    }
}
