package io.millrace.ingress.files;

import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.avro.BlobRef;
import io.millrace.schemas.blob.BlobStore;
import io.millrace.schemas.id.FileId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import org.apache.commons.fileupload2.core.FileItemInput;
import org.apache.commons.fileupload2.core.FileItemInputIterator;
import org.apache.commons.fileupload2.core.FileUploadException;
import org.apache.commons.fileupload2.core.FileUploadSizeException;
import org.apache.commons.fileupload2.core.MultipartInput;
import org.apache.commons.fileupload2.core.RequestContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the form of an upload part by part, its file straight into the blob store: no part is ever
 * in memory as a whole. Part headers are read as UTF-8, which is how clients send file names.
 * Thread-safe.
 */
final class MultipartUpload {

    private static final Logger LOG = LoggerFactory.getLogger(MultipartUpload.class);

    private static final int MAX_PARTS = 16;
    private static final int MAX_FIELD_BYTES = 1024;
    private static final int MAX_PART_HEADER_BYTES = 4096;
    private static final long MAX_OVERHEAD_BYTES = 64L * 1024;

    private final BlobStore blobs;
    private final long maxFileBytes;
    private final String maxFileText;

    /**
     * Stores files there.
     *
     * @param maxFileBytes bytes of a file at most
     * @param maxFileText the same for people
     */
    MultipartUpload(BlobStore blobs, long maxFileBytes, String maxFileText) {
        this.blobs = blobs;
        this.maxFileBytes = maxFileBytes;
        this.maxFileText = maxFileText;
    }

    /**
     * Reads a form and stores its file.
     *
     * @param file id of the file, new
     * @throws ApiException 400 or 413; then nothing stays stored
     */
    UploadForm read(RequestContext request, FileId file) {
        if (request.getContentLength() > maxFileBytes + MAX_OVERHEAD_BYTES) {
            throw tooLarge();
        }
        UploadForm form = new UploadForm();
        try {
            FormParts parts =
                    new FormParts(maxFileBytes, MAX_OVERHEAD_BYTES, MAX_PART_HEADER_BYTES);
            FileItemInputIterator items = parts.of(request);
            for (int count = 1; items.hasNext(); count++) {
                if (count > MAX_PARTS) {
                    throw broken("A form may have at most %d parts.".formatted(MAX_PARTS));
                }
                take(items.next(), form, file);
            }
            return form;
        } catch (RuntimeException | IOException e) {
            discard(form);
            throw refusal(e);
        }
    }

    /** Deletes what a form stored that is not to be kept. */
    void discard(UploadForm form) {
        form.stored()
                .ifPresent(content -> {
                    try {
                        blobs.delete(content.stored());
                    } catch (IOException e) {
                        LOG.atWarn()
                                .addKeyValue("blob", content.stored().getKey())
                                .setCause(e)
                                .log("the content of a refused upload could not be deleted");
                    }
                });
    }

    private void take(FileItemInput item, UploadForm form, FileId file) throws IOException {
        String name = item.getFieldName();
        if (name == null) {
            throw broken("A part of the form has no name.");
        }
        if (item.isFormField()) {
            try (InputStream in = item.getInputStream()) {
                byte[] value = in.readNBytes(MAX_FIELD_BYTES + 1);
                if (value.length > MAX_FIELD_BYTES) {
                    throw broken("The field %s is too long.".formatted(name));
                }
                form.field(name, new String(value, StandardCharsets.UTF_8));
            }
            return;
        }
        if (!"file".equals(name) || form.stored().isPresent()) {
            throw broken("A form has one file, named file.");
        }
        try (InputStream in = item.getInputStream()) {
            BlobRef stored = store(file, in);
            form.content(new UploadForm.Content(FileName.clean(item.getName()), stored));
        }
    }

    // What fails while the client's bytes are read is the client's, all else is the store's.
    private BlobRef store(FileId file, InputStream in) throws IOException {
        ReadFailures source = new ReadFailures(in);
        try {
            return blobs.put(FileBlobs.key(file), source);
        } catch (IOException e) {
            if (source.failed()) {
                throw e;
            }
            throw new UnavailableException(
                    "The file could not be stored.", StoredFiles.STORE_PATIENCE, e);
        }
    }

    private RuntimeException refusal(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileUploadSizeException) {
                return tooLarge();
            }
            if (cause instanceof MultipartInput.MalformedStreamException
                    || cause instanceof FileUploadException
                    || cause instanceof InvalidPathException) {
                return broken("The body is no sound multipart/form-data.");
            }
        }
        return e instanceof RuntimeException failure
                ? failure
                : broken("The body could not be read to its end.");
    }

    private ApiException tooLarge() {
        return new ApiException(
                ApiError.tooLarge(
                        "The file is larger than the limit of %s (ingress.limits.batch-file)."
                                .formatted(maxFileText)));
    }

    private static ApiException broken(String message) {
        return new ApiException(ApiError.invalid("invalid_multipart", message, ""));
    }
}
