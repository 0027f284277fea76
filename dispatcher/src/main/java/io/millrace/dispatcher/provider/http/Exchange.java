package io.millrace.dispatcher.provider.http;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How a POST ended. */
public sealed interface Exchange {

    /**
     * With a whole answer. Of a status from 300 on the body may be cut, as it is only read for what
     * it says about the error.
     *
     * @param headers by name in lower case; of several with one name the last
     */
    @SuppressWarnings("ArrayRecordComponent") // bodies are bytes; exchanges are never compared
    record Answered(int status, Map<String, String> headers, byte[] body) implements Exchange {

        public Answered {
            headers = Map.copyOf(headers);
        }

        /** Returns the value of a header, if it is there. */
        public Optional<String> header(String name) {
            return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
        }
    }

    /**
     * Before a byte of the request was sent.
     *
     * @param why for a person; an address at most
     */
    record NotSent(String why) implements Exchange {}

    /**
     * After the request may have been read by the provider.
     *
     * @param why for a person; never a part of the answer
     */
    record Broken(Break kind, String why) implements Exchange {}

    /** What broke an exchange. */
    enum Break {
        /** The deadline passed. */
        DEADLINE,
        /** The provider was silent for too long. */
        SILENCE,
        /** The connection was reset or closed, or what came was no HTTP. */
        CONNECTION,
        /** The body was larger than allowed. */
        TOO_LARGE,
        /** The calling thread was interrupted. */
        INTERRUPTED
    }
}
