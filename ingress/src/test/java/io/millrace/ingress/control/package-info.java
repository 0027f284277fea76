@NullMarked
package io.millrace.ingress.control;

import org.jspecify.annotations.NullMarked;
