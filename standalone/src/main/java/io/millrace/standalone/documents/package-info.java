/**
 * The documents room: a folder of documents made into batches, and their answers into files.
 *
 * <p>Here live which files are documents, how their words are read, what is new or changed, and the
 * manifest that remembers it.
 *
 * <p>Here may not live: how a batch is submitted and waited for, which is the client room's, and
 * flags and exit codes.
 */
@NullMarked
package io.millrace.standalone.documents;

import org.jspecify.annotations.NullMarked;
