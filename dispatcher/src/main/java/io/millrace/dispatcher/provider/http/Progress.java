package io.millrace.dispatcher.provider.http;

import java.io.IOException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * How far one call has come, as we know it ourselves: after an abort the client may show a cut
 * answer as a complete one, and its exceptions do not say what was sent. Thread-safe.
 */
final class Progress {

    private static final String NAME = "millrace.progress";

    private volatile boolean sending;
    private volatile boolean expired;

    void attach(HttpContext context) {
        context.setAttribute(NAME, this);
    }

    void expire() {
        expired = true;
    }

    void send() {
        sending = true;
    }

    /** The provider said that it did not look at what was sent. */
    void wasNotTaken() {
        sending = false;
    }

    /** Whether the first byte of the request may have been sent. */
    boolean isSending() {
        return sending;
    }

    boolean isExpired() {
        return expired;
    }

    /** What the client hands a request to once its connection stands. */
    static final class Executor extends HttpRequestExecutor {

        private final Timeout idle;

        Executor(Timeout idle) {
            this.idle = idle;
        }

        @Override
        public ClassicHttpResponse execute(
                ClassicHttpRequest request,
                HttpClientConnection connection,
                @Nullable HttpResponseInformationCallback early,
                HttpContext context)
                throws IOException, HttpException {
            if (context.getAttribute(NAME) instanceof Progress progress) {
                progress.send();
            }
            ClassicHttpResponse response = super.execute(request, connection, early, context);
            // A model may think for long before it answers; once it does, silence is a fault.
            connection.setSocketTimeout(idle);
            return response;
        }
    }
}
