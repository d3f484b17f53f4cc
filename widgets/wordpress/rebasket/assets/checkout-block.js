/**
 * The notice (or box) below the e-mail field of WooCommerce's checkout block.
 */
( function () {
	'use strict';
	var tag = document.currentScript;
	var blocks = window.wc && window.wc.blocksCheckout;
	if ( ! tag || ! blocks || ! blocks.registerCheckoutBlock || ! window.wp || ! window.wp.element ) {
		return;
	}
	var settings = JSON.parse( tag.dataset.settings );
	var element = window.wp.element.createElement;

	function Notice() {
		return element(
			'div',
			{ className: 'rebasket-consent', 'data-rebasket-consent': '', 'data-version': settings.version },
			element(
				'label',
				null,
				element( 'input', { type: 'checkbox', value: '1', autoComplete: 'off', hidden: true, disabled: true } ),
				' ',
				element( 'span', null, settings.wording )
			)
		);
	}

	blocks.registerCheckoutBlock( {
		metadata: {
			name: 'rebasket/consent',
			title: 'Rebasket',
			parent: [ 'woocommerce/checkout-contact-information-block' ],
			attributes: { lock: { type: 'object', default: { remove: true, move: true } } },
		},
		force: true,
		component: Notice,
	} );
}() );
