package io.millrace.schemas.id;

import java.util.random.RandomGenerator;

/** Makes ids that nobody can guess, from a generator that is fit for it. */
public final class IdFactory {

    private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int RANDOM_DIGITS = 26;

    private final RandomGenerator random;

    /**
     * Makes a factory.
     *
     * @param random thread-safe and, outside tests, cryptographically strong
     */
    public IdFactory(RandomGenerator random) {
        this.random = random;
    }

    /** Returns a new job id in that view partition. */
    public JobId job(ViewPartition partition) {
        return new JobId("job_" + tail(partition));
    }

    /** Returns a new batch id in that view partition. */
    public BatchId batch(ViewPartition partition) {
        return new BatchId("batch_" + tail(partition));
    }

    /** Returns a new file id in that view partition. */
    public FileId file(ViewPartition partition) {
        return new FileId("file-" + tail(partition));
    }

    private String tail(ViewPartition partition) {
        StringBuilder tail = new StringBuilder(partition.digits());
        for (int i = 0; i < RANDOM_DIGITS; i++) {
            tail.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return tail.toString();
    }
}
