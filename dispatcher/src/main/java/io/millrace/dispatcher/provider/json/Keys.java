package io.millrace.dispatcher.provider.json;

import io.millrace.dispatcher.provider.ErrorBody;
import io.millrace.dispatcher.provider.KeyRing;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.provider.http.Exchange.Answered;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The API keys of one provider, and what its answers say of them. Thread-safe. */
final class Keys {

    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY = 429;
    private static final int BAD_GATEWAY = 502;
    private static final Duration LIMITED = Duration.ofSeconds(5);

    /** When to try again with all keys refused: soon, as one may be replaced any time. */
    static final Duration ALL_REFUSED = Duration.ofSeconds(3);

    private final String provider;
    private final KeyRing ring;
    private final InstantSource clock;

    Keys(String provider, KeyRing ring, InstantSource clock) {
        this.provider = provider;
        this.ring = ring;
        this.clock = clock;
    }

    /** Returns the key for the next call, if there is any. */
    Optional<String> next() {
        return ring.next(clock.instant());
    }

    /** Returns whether what the provider says is left of its limits is left of one key only. */
    boolean areSeveral() {
        return ring.areSeveral();
    }

    /** Notes that the provider took a key. */
    void worked(String key) {
        if (ring.worked(key)) {
            LOG.atInfo().addKeyValue("provider", provider).log("provider takes our API key again");
        }
    }

    /**
     * Judges an error by what it says of the key; empty when that is not to blame, or the only one.
     *
     * @param after how long to wait, when the provider said so
     */
    Optional<Outcome> blamed(Answered answered, Optional<String> key, Optional<Duration> after) {
        return switch (answered.status()) {
            case UNAUTHORIZED, FORBIDDEN -> Optional.of(refused(answered, key));
            case TOO_MANY -> key.filter(this::hasOther).map(some -> limited(answered, some, after));
            default -> Optional.empty();
        };
    }

    /** Returns a text without any key. */
    String scrub(String text) {
        return ring.scrub(text);
    }

    private boolean hasOther(String key) {
        return ring.hasOther(key, clock.instant());
    }

    /** With several keys a limit is the key's own: others may belong to other accounts. */
    private Outcome limited(Answered answered, String key, Optional<Duration> after) {
        aside(key, clock.instant().plus(after.orElse(LIMITED)), answered);
        return retryable(
                TOO_MANY,
                new ProviderError(
                        ProviderError.KEY_SET_ASIDE,
                        "the provider limits one of the API keys configured for it",
                        "rate_limit_error"),
                Duration.ZERO);
    }

    // The client's key is not to blame, so neither status nor text of the answer is passed on.
    private Outcome refused(Answered answered, Optional<String> key) {
        Instant until = clock.instant().plus(KeyRing.ASIDE);
        boolean another = key.isPresent() && aside(key.get(), until, answered);
        return another
                ? retryable(
                        BAD_GATEWAY,
                        new ProviderError(
                                ProviderError.KEY_SET_ASIDE,
                                "the provider refused one of the API keys configured for it",
                                "server_error"),
                        Duration.ZERO)
                : retryable(
                        BAD_GATEWAY,
                        new ProviderError(
                                "provider_key_refused",
                                "the provider refused every API key configured for it",
                                "server_error"),
                        ALL_REFUSED);
    }

    private boolean aside(String key, Instant until, Answered answered) {
        boolean another = ring.setAside(key, until, clock.instant());
        if (ring.isNews(key)) {
            LOG.atWarn()
                    .addKeyValue("provider", provider)
                    .addKeyValue("status", answered.status())
                    .addKeyValue("until", until)
                    .addKeyValue("another", another)
                    .log("provider refused our API key; it is set aside");
        }
        return another;
    }

    private static Outcome retryable(int status, ProviderError error, Duration wait) {
        return new Retryable(status, ErrorBody.of(error), error, Optional.of(wait));
    }
}
