/**
 * Tell the shop that a person sees the restored cart. Runs once the page is visible: fetching the
 * page, or preparing it in the background, is not enough.
 */
( function () {
	'use strict';
	var tag = document.currentScript;
	if ( ! tag || ! window.fetch ) {
		return;
	}

	function report() {
		try {
			var settings = JSON.parse( tag.dataset.settings );
			var body = new URLSearchParams( { nonce: settings.nonce } );
			fetch( settings.url, { method: 'POST', body: body, credentials: 'same-origin', keepalive: true } ).catch( function () {} );
		} catch ( e ) {
			// The cart works without us.
		}
	}

	function whenSeen() {
		if ( document.visibilityState === 'visible' && ! document.prerendering ) {
			report();
			return;
		}
		document.addEventListener( document.prerendering ? 'prerenderingchange' : 'visibilitychange', whenSeen, { once: true } );
	}

	whenSeen();
}() );
