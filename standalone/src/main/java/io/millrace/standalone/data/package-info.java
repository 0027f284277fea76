/**
 * The data room: the one folder that everything {@code up} and {@code broker} keep lies in.
 *
 * <p>Here live its layout, the lock that gives it to one process, the ports file and files with
 * secrets.
 *
 * <p>Here may not live: what the parts write into their folders.
 */
@NullMarked
package io.millrace.standalone.data;

import org.jspecify.annotations.NullMarked;
