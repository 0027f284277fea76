/**
 * The files room: takes uploads into the blob store, and tells of files and their bytes.
 *
 * <p>Here live the multipart form, the rules of purposes and expiry, the keys under which bytes lie
 * in the blob store, and OpenAI's file routes. A file's metadata is a record of its view partition
 * like a job's; its bytes never pass through Kafka or through memory as a whole.
 *
 * <p>Here may not live: what is in the files. The lines of a batch are the batch room's.
 */
@NullMarked
package io.millrace.ingress.files;

import org.jspecify.annotations.NullMarked;
