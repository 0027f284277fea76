/**
 * Money, tokens and prices, with the one piece of arithmetic that turns usage into cost.
 *
 * <p>Here may not live: which price is in force (that is control's), or a floating-point number.
 */
@NullMarked
package io.millrace.schemas.money;

import org.jspecify.annotations.NullMarked;
