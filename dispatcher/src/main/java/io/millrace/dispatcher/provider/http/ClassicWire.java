package io.millrace.dispatcher.provider.http;

import io.millrace.servicekit.http.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP/1.1 by Apache's blocking client: one call a connection. Thread-safe. */
final class ClassicWire implements Wire {

    private static final Logger LOG = LoggerFactory.getLogger(ClassicWire.class);

    private final CloseableHttpClient client;

    ClassicWire(HttpLimits limits, Trust trust) {
        this.client = ClientSettings.client(limits, trust);
    }

    @Override
    public Posting posting(HttpCall call, Progress progress) {
        HttpPost request = new HttpPost(call.address());
        call.headers().forEach(request::setHeader);
        request.setEntity(new ByteArrayEntity(call.body(), ContentType.APPLICATION_JSON));
        HttpClientContext context = HttpClientContext.create();
        progress.attach(context);
        return new ClassicPosting(client, request, context);
    }

    @Override
    public void close() {
        client.close(CloseMode.IMMEDIATE);
    }

    private record ClassicPosting(
            CloseableHttpClient client, HttpPost request, HttpClientContext context)
            implements Posting {

        @Override
        public Reply send(Duration left) throws IOException {
            return new ClassicReply(request, client.executeOpen(null, request, context));
        }

        @Override
        public void cancel() {
            request.cancel();
        }
    }

    private record ClassicReply(HttpPost request, ClassicHttpResponse response) implements Reply {

        @Override
        public int status() {
            return response.getCode();
        }

        @Override
        public Map<String, String> headers() {
            Map<String, String> headers = HashMap.newHashMap(16);
            for (Header header : response.getHeaders()) {
                String value = header.getValue();
                headers.put(header.getName().toLowerCase(Locale.ROOT), value == null ? "" : value);
            }
            return headers;
        }

        @Override
        public long length() {
            HttpEntity entity = response.getEntity();
            return entity == null ? 0 : entity.getContentLength();
        }

        @Override
        public InputStream body() throws IOException {
            HttpEntity entity = response.getEntity();
            return entity == null ? InputStream.nullInputStream() : entity.getContent();
        }

        @Override
        public void leave(boolean finished) {
            if (!finished) {
                request.cancel(); // closing an unfinished body would read it to its end
            }
            try {
                response.close();
            } catch (IOException e) {
                LOG.atDebug().setCause(e).log("connection did not close cleanly");
            }
        }
    }
}
