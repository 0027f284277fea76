package io.millrace.ingress.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.commons.fileupload2.core.AbstractFileUpload;
import org.apache.commons.fileupload2.core.DiskFileItem;
import org.apache.commons.fileupload2.core.DiskFileItemFactory;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.core.RequestContext;

/** Commons FileUpload, set to hand out the parts of a form as streams and nothing else. */
final class FormParts extends AbstractFileUpload<Void, DiskFileItem, DiskFileItemFactory> {

    /**
     * Sets its limits.
     *
     * @param maxFileBytes of one part
     * @param maxOverheadBytes of all that is no file
     * @param maxPartHeaderBytes of the headers of one part
     */
    FormParts(long maxFileBytes, long maxOverheadBytes, int maxPartHeaderBytes) {
        setMaxFileSize(maxFileBytes);
        setMaxSize(maxFileBytes + maxOverheadBytes);
        setMaxPartHeaderSize(maxPartHeaderBytes);
        setHeaderCharset(StandardCharsets.UTF_8);
    }

    FileItemInputIterator of(RequestContext request) throws IOException {
        return getItemIterator(request);
    }

    @Override
    public FileItemInputIterator getItemIterator(Void request) {
        throw new UnsupportedOperationException("forms are read from a RequestContext");
    }

    @Override
    public Map<String, List<DiskFileItem>> parseParameterMap(Void request) {
        throw new UnsupportedOperationException("files are not kept in memory or temporary files");
    }

    @Override
    public List<DiskFileItem> parseRequest(Void request) {
        throw new UnsupportedOperationException("files are not kept in memory or temporary files");
    }
}
