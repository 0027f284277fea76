/**
 * The batch room: checks a batch's input, expands it into the tenant's lane, follows its lines and
 * writes its output.
 *
 * <p>Here live the check of the lines, the checkpointed expansion, the progress of the lines, the
 * output and error files, and the one owner of each view partition who does all of it off the
 * request threads. What becomes of a batch next is decided by a pure function of its state and its
 * progress ({@link io.millrace.ingress.batch.NextStep}); the owner records the outcome and only
 * then takes it for its own.
 *
 * <p>Here may not live: jobs outside a batch, the upload of files, calls to providers, prices.
 */
@NullMarked
package io.millrace.ingress.batch;

import org.jspecify.annotations.NullMarked;
