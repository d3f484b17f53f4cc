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

	/** WooCommerce's own classes, so that the box looks like the shop's other boxes. */
	function Notice() {
		var own = 'wc-block-components-checkbox';
		return element(
			'div',
			{ className: 'rebasket-consent ' + own, 'data-rebasket-consent': '', 'data-version': settings.version },
			element(
				'label',
				null,
				element( 'input', { className: own + '__input', type: 'checkbox', value: '1', autoComplete: 'off', hidden: true, disabled: true } ),
				element(
					'svg',
					{ className: own + '__mark', 'aria-hidden': 'true', xmlns: 'http://www.w3.org/2000/svg', viewBox: '0 0 24 20' },
					element( 'path', { d: 'M9 16.2L4.8 12l-1.4 1.4L9 19 21 7l-1.4-1.4L9 16.2z' } )
				),
				element( 'span', { className: own + '__label' }, settings.wording )
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
