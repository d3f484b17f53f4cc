<?php
/**
 * Whether an e-mail address that was typed at checkout may be used.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Decide by the merchant's wording and the shopper's country. Knows no WordPress state.
 */
final class Consent {

	/**
	 * The wording that is shown.
	 *
	 * @var string
	 */
	public $wording;

	/**
	 * The version of that wording.
	 *
	 * @var string
	 */
	public $version;

	/**
	 * Countries (two capital letters) where only a ticked box counts.
	 *
	 * @var string[]
	 */
	public $box_countries;

	/**
	 * Whether the box is asked for while the country is unknown.
	 *
	 * @var bool
	 */
	public $box_default;

	/**
	 * Take the settings as the app gave them.
	 *
	 * @param array<string,mixed> $given wording, version, box_countries, box_default.
	 */
	public function __construct( array $given ) {
		$clean               = self::clean( $given );
		$this->wording       = $clean['wording'];
		$this->version       = $clean['version'];
		$this->box_countries = $clean['box_countries'];
		$this->box_default   = $clean['box_default'];
	}

	/**
	 * Bring settings from outside into their types; whatever is unclear becomes the strict choice.
	 *
	 * @param array<string,mixed> $given As it came.
	 * @return array{wording:string,version:string,box_countries:string[],box_default:bool}
	 */
	public static function clean( array $given ): array {
		$countries = array();
		foreach ( isset( $given['box_countries'] ) && is_array( $given['box_countries'] ) ? $given['box_countries'] : array() as $code ) {
			if ( is_string( $code ) && preg_match( '/\A[A-Z]{2}\z/', $code ) ) {
				$countries[] = $code;
			}
		}
		return array(
			'wording'       => isset( $given['wording'] ) && is_string( $given['wording'] ) ? wp_strip_all_tags( $given['wording'] ) : '',
			'version'       => isset( $given['version'] ) && is_string( $given['version'] ) ? substr( $given['version'], 0, 64 ) : '',
			'box_countries' => $countries,
			'box_default'   => ! isset( $given['box_default'] ) || false !== $given['box_default'],
		);
	}

	/**
	 * Whether there is a wording to show; without one no typed address is ever read.
	 */
	public function is_usable(): bool {
		return '' !== $this->wording && '' !== $this->version;
	}

	/**
	 * Whether only a ticked box counts in this country.
	 *
	 * @param string $country Two capital letters, empty when unknown.
	 */
	public function needs_box( string $country ): bool {
		return '' === $country ? $this->box_default : in_array( $country, $this->box_countries, true );
	}

	/**
	 * Whether a version is the one of the present wording.
	 *
	 * @param string $version As the page says it.
	 */
	public function knows( string $version ): bool {
		return $this->is_usable() && hash_equals( $this->version, $version );
	}

	/**
	 * Whether a typed address may be used.
	 *
	 * @param string $version Version of the notice that stood beside the field.
	 * @param string $country Two capital letters, empty when unknown.
	 * @param bool   $ticked  Whether the box was ticked.
	 */
	public function allows( string $version, string $country, bool $ticked ): bool {
		return $this->knows( $version ) && ( $ticked || ! $this->needs_box( $country ) );
	}

	/**
	 * The evidence that goes with the address. `given` is null where a notice, and no box, was shown.
	 *
	 * @param string $country Two capital letters, empty when unknown.
	 * @param bool   $ticked  Whether the box was ticked.
	 * @param string $at      The moment, as ISO 8601 in UTC.
	 * @return array{given:?bool,wording:string,version:string,at:string}
	 */
	public function evidence( string $country, bool $ticked, string $at ): array {
		return array(
			'given'   => $this->needs_box( $country ) ? $ticked : ( $ticked ? true : null ),
			'wording' => $this->wording,
			'version' => $this->version,
			'at'      => $at,
		);
	}
}
