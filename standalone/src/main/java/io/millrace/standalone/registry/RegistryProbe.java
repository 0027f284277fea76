package io.millrace.standalone.registry;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks a registry that starts until it answers. */
final class RegistryProbe {

    static final String CONFLUENT_API = "/apis/ccompat/v7";

    private static final Duration PAUSE = Duration.ofMillis(25);
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final Process process;
    private final URI question;
    private final RegistryConfig config;

    RegistryProbe(Process process, String url, RegistryConfig config) {
        this.process = process;
        this.question = URI.create(url + "/subjects");
        this.config = config;
    }

    /**
     * Returns once the registry answers.
     *
     * @throws RegistryStartException if it ends, or is not ready in time
     */
    void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + config.readyWithin().toNanos();
        while (!answers()) {
            if (process.waitFor(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw ended();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new RegistryStartException(
                        "did not answer within " + config.readyWithin().toSeconds() + " s",
                        config.log());
            }
        }
    }

    /** By the JDK's oldest client: the newer one costs 100 ms of class loading and two threads. */
    private boolean answers() {
        try {
            HttpURLConnection connection = (HttpURLConnection) question.toURL().openConnection();
            connection.setConnectTimeout((int) ANSWER.toMillis());
            connection.setReadTimeout((int) ANSWER.toMillis());
            try {
                return connection.getResponseCode() == 200;
            } finally {
                connection.disconnect();
            }
        } catch (IOException _) {
            return false;
        }
    }

    /** What to tell; throws it itself if somebody was quicker than our child to bind the port. */
    private RegistryStartException ended() {
        config.port().claimed();
        return new RegistryStartException("ended with " + process.exitValue(), config.log());
    }
}
