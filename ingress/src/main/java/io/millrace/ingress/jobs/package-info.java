/**
 * The job view, and the routes that make, show, list and bill jobs.
 *
 * <p>Here may not live: provider calls, or anything of batches and files.
 */
@NullMarked
package io.millrace.ingress.jobs;

import org.jspecify.annotations.NullMarked;
