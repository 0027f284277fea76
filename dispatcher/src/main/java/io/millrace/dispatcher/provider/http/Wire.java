package io.millrace.dispatcher.provider.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;

/** One version of HTTP, as far as a POST needs it. Thread-safe. */
interface Wire extends AutoCloseable {

    /** Returns a POST that is not sent yet. */
    Posting posting(HttpCall call, Progress progress);

    /** Closes all connections at once. */
    @Override
    void close();

    /** One POST. {@link #cancel} may be called by any thread at any time. */
    interface Posting {

        /**
         * Sends it and waits for the head of its answer. Interrupting the thread cancels.
         *
         * @param left time until its deadline, at which somebody will cancel
         * @throws IOException when there is none; what was sent until then, the progress knows
         */
        Reply send(Duration left) throws IOException;

        /** Ends it in whatever state it is; nothing more is read. */
        void cancel();
    }

    /** The head of an answer, and its body to be read. Used by one thread. */
    interface Reply {

        int status();

        /** Returns the headers by name in lower case; of several with one name the last. */
        Map<String, String> headers();

        /** Returns the length of the body as the answer says it, or -1 when it does not say. */
        long length();

        /** Returns the body, which fails when it is cut or falls silent; always the same. */
        InputStream body() throws IOException;

        /**
         * Leaves the answer.
         *
         * @param finished whether the body was read to its end; else nothing more of it is read
         */
        void leave(boolean finished);
    }
}
