/**
 * The e-mail address at checkout: read only after its field was left, only with the notice beside
 * it, and where a box is asked for only with the box ticked. No other field's content is kept;
 * the country decides between notice and box.
 */
( function () {
	'use strict';
	var tag = document.currentScript;
	if ( ! tag || ! window.fetch ) {
		return;
	}
	var settings = JSON.parse( tag.dataset.settings );
	var EMAIL = '#billing_email, .wc-block-checkout #email';
	var COUNTRY = '#billing_country, #shipping-country, #billing-country';
	var BEGUN = '#billing_postcode, #billing_city, #billing_address_1, #shipping-postcode, #shipping-city, #shipping-address_1, #billing-postcode, #billing-city, #billing-address_1';
	var left = false; // The e-mail field was left with an address in it.
	var refused = false; // A ticked box was unticked.
	var chosen = false; // The country was chosen by hand.
	var last = '';

	function notice() {
		return document.querySelector( '[data-rebasket-consent]' );
	}

	function box() {
		var beside = notice();
		return beside ? beside.querySelector( 'input[type=checkbox]' ) : null;
	}

	/** The country, once somebody entered an address; the shop's own country stands there unasked. */
	function country() {
		var begun = chosen || Array.prototype.some.call( document.querySelectorAll( BEGUN ), function ( field ) {
			return field.value.trim() !== '';
		} );
		var field = document.querySelector( COUNTRY );
		return begun && field && /^[A-Z]{2}$/.test( field.value ) ? field.value : settings.country;
	}

	function needsBox() {
		var code = country();
		return code === '' ? settings.boxDefault : settings.boxCountries.indexOf( code ) !== -1;
	}

	/** Show the box or the bare notice. */
	function show() {
		var input = box();
		if ( ! input ) {
			return;
		}
		var boxed = needsBox() || refused || input.checked;
		if ( input.hidden === boxed ) {
			input.hidden = ! boxed;
			input.disabled = ! boxed;
		}
	}

	/** Tell the shop's own server; nothing is told twice. */
	function tell() {
		var field = document.querySelector( EMAIL );
		var input = box();
		if ( ! field || ! input || ! left ) {
			return;
		}
		var ticked = input.checked;
		var email = field.value.trim();
		var allowed = ( ticked || ! needsBox() ) && ! ( refused && ! ticked ) && field.checkValidity() && email.indexOf( '@' ) > 0;
		var body = new URLSearchParams( {
			nonce: settings.nonce,
			version: notice().dataset.version,
			country: country(),
			ticked: ticked ? '1' : '',
			email: allowed ? email : '',
		} );
		if ( body.toString() === last || ( ! allowed && last === '' ) ) {
			return;
		}
		last = body.toString();
		fetch( settings.url, { method: 'POST', body: body, credentials: 'same-origin', keepalive: true } ).catch( function () {
			last = '-';
		} );
	}

	function follow( action ) {
		return function ( event ) {
			try {
				if ( event.target && event.target.matches ) {
					action( event.target );
				}
			} catch ( e ) {
				// The checkout works without us.
			}
		};
	}

	document.addEventListener( 'focusout', follow( function ( target ) {
		if ( target.matches( EMAIL ) ) {
			left = target.value.trim() !== '' || last !== '';
			tell();
		} else if ( target.matches( BEGUN ) ) {
			show();
			tell();
		}
	} ) );

	document.addEventListener( 'change', follow( function ( target ) {
		if ( target.matches( '[data-rebasket-consent] input' ) ) {
			refused = ! target.checked;
			left = true;
			tell();
		} else if ( target.matches( COUNTRY ) ) {
			chosen = true;
			show();
			tell();
		}
	} ) );

	// WooCommerce's country list (select2) and checkout block draw late and again.
	if ( window.jQuery ) {
		window.jQuery( document.body ).on( 'country_to_state_changed updated_checkout', show );
		window.jQuery( document ).on( 'select2:select', COUNTRY, function () {
			chosen = true;
			show();
			tell();
		} );
	}
	var drawing = false;
	new MutationObserver( function () {
		if ( ! drawing ) {
			drawing = true;
			requestAnimationFrame( function () {
				drawing = false;
				show();
			} );
		}
	} ).observe( document.body, { childList: true, subtree: true } );
	show();
}() );
