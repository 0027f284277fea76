package io.millrace.ingress.files;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.commons.fileupload2.core.RequestContext;

/**
 * A request's body as Commons FileUpload wants to see it.
 *
 * @param request not read yet
 */
record FormBody(ServerRequest request) implements RequestContext {

    @Override
    public String getCharacterEncoding() {
        return StandardCharsets.UTF_8.name();
    }

    @Override
    public long getContentLength() {
        return request.headers().contentLength().orElse(-1);
    }

    @Override
    public String getContentType() {
        return request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
    }

    @Override
    public InputStream getInputStream() {
        return request.content().inputStream();
    }

    @Override
    public boolean isMultipartRelated() {
        return getContentType().toLowerCase(Locale.ROOT).startsWith("multipart/related");
    }
}
